"""The mark of this site, for browsers that ask for it by themselves: in the admin, and on pages of errors."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.views.decorators.http import require_safe


@login_not_required
@require_safe
def favicon(_request: HttpRequest) -> HttpResponse:
    return redirect(static("img/mark.svg"))
