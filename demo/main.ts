/**
 * Starts the demo: `npm run demo`, then open http://127.0.0.1:8000/.
 *
 * The port is that of the environment variable PORT, if there is one. What else can be set is in `settings.ts`. @module
 */
import { serve } from "nuages";
import { demo_settings } from "./settings.ts";

// Not the usual ten seconds: a browser that shows the clock keeps its connection for as long as it may.
const { url } = await serve({ settings: demo_settings, shutdown_timeout: 2000 });
console.log(`The demo listens on ${url} (Ctrl+C stops it).`);
