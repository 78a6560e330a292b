"""A provider's API of three addresses, for tests of the server around it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from conferences.providers.sandbox import Request, Response

GOODS = {"goods": ["tea", "salt"], "next": None}


@dataclass(slots=True)
class Shop:
    prefix: str = "/shop/"
    asked: list[Request] = field(default_factory=list)

    @property
    def scenarios(self) -> Mapping[str, str]:
        return {"default": "Tea and salt."}

    def handles(self, path: str) -> bool:
        return path.startswith(self.prefix)

    def respond(self, request: Request) -> Response:
        self.asked.append(request)
        return Response.json(GOODS)

    def refuse(self, request: Request, status: int, headers: Mapping[str, str]) -> Response:
        return Response.json({"sorry": request.path, "status": status}, status, headers)

    def relink(self, response: Response, url: str) -> Response:
        return Response.json({**GOODS, "next": url})
