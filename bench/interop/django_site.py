"""The Django half of the proof of interoperation: python django_site.py PORT DATABASE MODE, where MODE is cookies or database."""
import json
import sys

import django
from django.conf import settings

port, database, mode = sys.argv[1:4]
settings.configure(
    SECRET_KEY="interop-secret-key-0123456789abcdef0123456789",
    ALLOWED_HOSTS=["*"],
    USE_TZ=True,
    INSTALLED_APPS=[
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.sessions",
        "django.contrib.messages",
    ],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": database}},
    SESSION_ENGINE="django.contrib.sessions.backends."
    + ("signed_cookies" if mode == "cookies" else "db"),
    MIDDLEWARE=[
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
    ],
    ROOT_URLCONF=__name__,
)
django.setup()

from django.contrib import messages  # noqa: E402
from django.contrib.auth import authenticate, login, logout  # noqa: E402
from django.contrib.auth.hashers import check_password, make_password  # noqa: E402
from django.contrib.auth.models import User  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.core.servers.basehttp import get_internal_wsgi_application, run  # noqa: E402
from django.http import HttpResponse, JsonResponse  # noqa: E402
from django.middleware.csrf import get_token  # noqa: E402
from django.urls import path  # noqa: E402


def log_in(request):
    user = authenticate(request, username=request.POST["username"], password=request.POST["password"])
    if user is None:
        return HttpResponse("no", status=403)
    login(request, user)
    request.session["cart"] = json.loads(request.POST["cart"])
    messages.success(request, f"Welcome, {user.username}", extra_tags="from-django")
    return HttpResponse("in")


def log_out(request):
    logout(request)
    return HttpResponse("out")


def state(request):
    return JsonResponse(
        {
            "user": str(request.user),
            "cart": request.session.get("cart"),
            "messages": [[m.level, str(m), m.extra_tags] for m in messages.get_messages(request)],
            "seen": request.get_signed_cookie("seen", default=None, salt="interop"),
            "token": get_token(request),
        }
    )


def mark(request):
    response = HttpResponse("marked")
    response.set_signed_cookie("seen", request.POST["seen"], salt="interop")
    messages.info(request, request.POST["seen"])
    return response


def hash_password(request):
    return HttpResponse(make_password(request.POST["password"]))


def verify(request):
    return HttpResponse(str(check_password(request.POST["password"], request.POST["hash"])).lower())


urlpatterns = [
    path("login", log_in),
    path("logout", log_out),
    path("state", state),
    path("mark", mark),
    path("hash", hash_password),
    path("verify", verify),
]

call_command("migrate", verbosity=0)
if not User.objects.exists():
    User.objects.create_user("ada", password="lètmein")
print("ready", flush=True)
run("127.0.0.1", int(port), get_internal_wsgi_application(), threading=True)
