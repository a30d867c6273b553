/** The URLs of accounts. @module */
import { login_required } from "nuages/contrib/auth/decorators";
import {
  LoginView,
  LogoutView,
  PasswordResetConfirmView,
  PasswordResetDoneView,
  PasswordResetView,
} from "nuages/contrib/auth/views";
import { path, type URLPatterns } from "nuages/urls";
import * as views from "./views.ts";

export const app_name = "accounts";

export const urlpatterns: URLPatterns = [
  path("login/", LoginView.as_view({ template_name: "accounts/login.html" }), { name: "login" }),
  path("logout/", LogoutView.as_view(), { name: "logout" }),
  path("signup/", views.sign_up, { name: "sign_up" }),
  path(
    "password_reset/",
    PasswordResetView.as_view({
      template_name: "accounts/password_reset.html",
      email_template_name: "accounts/password_reset_email.txt",
      success_url: "accounts:password_reset_done",
    }),
    { name: "password_reset" },
  ),
  path(
    "password_reset/done/",
    PasswordResetDoneView.as_view({ template_name: "accounts/password_reset_done.html" }),
    { name: "password_reset_done" },
  ),
  path(
    "reset/<uidb64>/<token>/",
    PasswordResetConfirmView.as_view({
      template_name: "accounts/password_reset_confirm.html",
      post_reset_login: true,
      success_url: "accounts:profile",
    }),
    { name: "password_reset_confirm" },
  ),
  path("profile/", login_required(views.profile), { name: "profile" }),
];
