"""A provider's API of three addresses, for tests of the server around it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from conferences.providers.sandbox import Request, Response

GOODS = {"goods": ["tea", "salt"], "next": None}


@dataclass(slots=True)
class Shop:
    prefix: str = "/shop/"
    asked: list[Request] = field(default_factory=list)
    price: int = 3

    @property
    def scenarios(self) -> Mapping[str, str]:
        return {"default": "Tea and salt."}

    @property
    def environment(self) -> Mapping[str, str]:
        return {"SHOP_URL": self.prefix}

    @property
    def switches(self) -> Mapping[str, Callable[..., None]]:
        return {"price": self.set_price}

    def set_price(self, *, price: int) -> None:
        self.price = int(price)

    def handles(self, path: str) -> bool:
        return path.startswith(self.prefix)

    def respond(self, request: Request) -> Response:
        self.asked.append(request)
        return Response.json(GOODS)

    def refuse(self, request: Request, status: int, headers: Mapping[str, str]) -> Response:
        return Response.json({"sorry": request.path, "status": status}, status, headers)

    def relink(self, response: Response, url: str) -> Response:
        return Response.json({**GOODS, "next": url})
