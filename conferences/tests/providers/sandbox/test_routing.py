import pytest

from conferences.providers.sandbox import Request, Response, Router


def _handler(name: str) -> Response:
    return Response(200, name.encode())


@pytest.fixture
def router() -> Router:
    router = Router()
    router.add("GET", "/users/{user}", _handler)
    router.add("GET", "/users/{user}/drive/root:/{path*}:/children", _handler)
    router.add("GET", "/drive/search(q='{text}')", _handler)
    return router


@pytest.mark.parametrize(
    ("path", "variables"),
    [
        ("/users/ingrid", {"user": "ingrid"}),
        ("/users/19%3Aroom%40thread.v2", {"user": "19:room@thread.v2"}),
        ("/users/a%2Fb", {"user": "a/b"}),
        ("/users/a%252Fb", {"user": "a%2Fb"}),
        ("/users/i/drive/root:/Recordings:/children", {"user": "i", "path": "Recordings"}),
        ("/users/i/drive/root:/A/B%20C:/children", {"user": "i", "path": "A/B C"}),
        ("/drive/search(q='it''s')", {"text": "it''s"}),
        ("/drive/search(q=%27week%206%27)", {"text": "week 6"}),
    ],
)
def test_variables_are_decoded_once(router: Router, path: str, variables: dict[str, str]) -> None:
    assert router.find("GET", path) == (_handler, variables)


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/users/ingrid"), ("GET", "/users/"), ("GET", "/users/a/b"), ("GET", "/nowhere"), ("GET", "/users")],
)
def test_other_addresses_and_methods_have_no_handler(router: Router, method: str, path: str) -> None:
    assert router.find(method, path) is None


def test_request_is_read_from_its_target() -> None:
    request = Request(
        "POST",
        "/a%20b?$filter=x%20eq%20%27%253a%27&empty=",
        {"prefer": "x"},
        b"grant_type=client_credentials&scope=a%2F.default",
        "https://localhost:1",
    )
    assert request.path == "/a%20b"
    assert request.query == {"$filter": "x eq '%3a'", "empty": ""}
    assert request.form == {"grant_type": "client_credentials", "scope": "a/.default"}
    assert request.url == "https://localhost:1/a%20b?$filter=x%20eq%20%27%253a%27&empty="
    assert (request.header("Prefer"), request.header("Accept")) == ("x", "")


def test_json_response_keeps_letters_as_they_are() -> None:
    response = Response.json({"name": "Zoë\u0000"}, 201, {"Retry-After": "2.128"})
    assert response.body == '{"name":"Zoë\\u0000"}'.encode()
    assert response.headers == {"Content-Type": "application/json; charset=utf-8", "Retry-After": "2.128"}
