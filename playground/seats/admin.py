"""Seats as an operator sees them: who has one, since when, why it ended, what is reserved for whom. The desk makes
them; a person may end them."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from playground.seats import doorbell
from playground.seats.models import Reservation, Seat, SeatRequest


@admin.register(Seat)
class SeatAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    list_display = ("id", "state", "learner", "lent_at", "seen_at", "ends_at", "ended_why")
    list_filter = ("state", "ended_why", "instance", "lent_at")
    list_select_related = ("learner",)
    search_fields = ("id", "learner__display_name", "learner__username")
    ordering = ("-created_at",)
    actions = ("end_seats",)

    @admin.action(permissions=["change"], description=_("End these seats, with all that is in them"))
    def end_seats(self, request: HttpRequest, seats: QuerySet[Seat]) -> None:
        ended = Seat.objects.condemn(list(seats.values_list("id", flat=True)), Seat.Why.OPERATOR)
        doorbell.ring()
        self.message_user(request, ngettext("%d seat ends now.", "%d seats end now.", ended) % ended)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Seat | None = None) -> bool:
        # Django asks for this right before it shows actions; a single seat has nothing that a person may type over.
        return obj is None and super().has_change_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Seat | None = None) -> bool:
        return False


@admin.register(SeatRequest)
class SeatRequestAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("learner", "asked_at", "instance")
    list_select_related = ("learner",)
    search_fields = ("learner__display_name", "learner__username")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: SeatRequest | None = None) -> bool:
        return False


@admin.register(Reservation)
class ReservationAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Without its row, what was reserved is everybody's."""

    list_display = ("party", "seats", "warm", "made_at", "instance")
    list_filter = ("instance",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Reservation | None = None) -> bool:
        return False
