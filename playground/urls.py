from django.contrib import admin
from django.urls import include, path

from playground.pages.views.account import admin_login

urlpatterns = [
    path("admin/login/", admin_login),
    path("admin/", admin.site.urls),
    path("", include("playground.pages.urls")),
]
