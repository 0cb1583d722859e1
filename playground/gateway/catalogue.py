"""The catalogue: the images that learners may pull."""

from collections.abc import Iterable, Iterator

from playground.engine.images import CatalogueImage
from playground.gateway.policy.errors import Refused
from playground.gateway.policy.names import Reference, parse_reference


class Catalogue:
    def __init__(self, images: Iterable[CatalogueImage] = ()) -> None:
        self.hold(images)

    def hold(self, images: Iterable[CatalogueImage]) -> None:
        """From now on it is these: what the engine has is known only once it answers."""
        self._images = {parse_reference(image.reference): image for image in images}

    def __iter__(self) -> Iterator[CatalogueImage]:
        return iter(self._images.values())

    def names(self) -> list[str]:
        """As learners know them."""
        return sorted(reference.familiar for reference in self._images)

    def find(self, reference: Reference) -> CatalogueImage | None:
        return self._images.get(reference)

    def refusal(self, reference: Reference) -> Refused:
        """For an image that is not here; it says which ones are."""
        same = sorted(found.familiar for found in self._images if found.repository == reference.repository)
        if same:
            return Refused(
                404, f"manifest for {reference.familiar} not found: the playground's catalogue has {', '.join(same)}."
            )
        offers = ", ".join(sorted(found.familiar.removesuffix(":latest") for found in self._images)) or "it is empty"
        return Refused(
            404,
            f"pull access denied for {reference.repository}, not in the playground's catalogue: {offers}. "
            "Try one of these.",
        )
