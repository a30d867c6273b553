/** The URLs of accounts. @module */
import { login_required } from "nuages/contrib/auth/decorators";
import { LoginView, LogoutView } from "nuages/contrib/auth/views";
import { path, type URLPatterns } from "nuages/urls";
import * as views from "./views.ts";

export const app_name = "accounts";

export const urlpatterns: URLPatterns = [
  path("login/", LoginView.as_view({ template_name: "accounts/login.html" }), { name: "login" }),
  path("logout/", LogoutView.as_view(), { name: "logout" }),
  path("signup/", views.sign_up, { name: "sign_up" }),
  path("profile/", login_required(views.profile), { name: "profile" }),
];
