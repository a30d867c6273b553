/** The URLs of the pages of users: `path("accounts/", include(urls))` (Django docs: Using the views). @module */
import type { URLPatterns } from "../../urls/_types.ts";
import { path } from "../../urls/conf.ts";
import {
  LoginView,
  LogoutView,
  PasswordChangeDoneView,
  PasswordChangeView,
  PasswordResetCompleteView,
  PasswordResetConfirmView,
  PasswordResetDoneView,
  PasswordResetView,
} from "./views.ts";

/** The pages under the names that they have in Django. The login page needs a template of the site. */
export const urlpatterns: URLPatterns = [
  path("login/", LoginView.as_view(), { name: "login" }),
  path("logout/", LogoutView.as_view(), { name: "logout" }),
  path("password_change/", PasswordChangeView.as_view(), { name: "password_change" }),
  path("password_change/done/", PasswordChangeDoneView.as_view(), { name: "password_change_done" }),
  path("password_reset/", PasswordResetView.as_view(), { name: "password_reset" }),
  path("password_reset/done/", PasswordResetDoneView.as_view(), { name: "password_reset_done" }),
  path("reset/<uidb64>/<token>/", PasswordResetConfirmView.as_view(), {
    name: "password_reset_confirm",
  }),
  path("reset/done/", PasswordResetCompleteView.as_view(), { name: "password_reset_complete" }),
];
