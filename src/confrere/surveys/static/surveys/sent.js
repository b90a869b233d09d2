// The survey was sent: its blank questions need not lie on this device any longer.
import { digest } from "./waiting.js";

const survey = location.pathname.replace(/sent\/$/, "");
if (isSecureContext && "caches" in globalThis && survey.startsWith("/a/")) {
  const kept = await caches.open("confrere-surveys");
  await kept.delete(`/a/kept/${await digest(survey)}`);
}
