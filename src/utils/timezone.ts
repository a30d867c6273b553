/**
 * Time zones (Django docs: Time zones). A `Date` names an instant and has no zone, so a zone is a name from the IANA
 * database, or an offset as `+0530`, and `localtime` tells what clocks there show. @module
 */
import { use_tasks } from "./_task.ts";

export {
  activate,
  deactivate,
  get_current_timezone,
  get_current_timezone_name,
  get_default_timezone,
  get_default_timezone_name,
  get_fixed_timezone,
  is_aware,
  is_naive,
  localdate,
  LocalTime,
  localtime,
  type LocaltimeOptions,
  now,
  override,
  ZoneInfoNotFoundError,
} from "./_timezone.ts";

// Who imports this may set a zone in a view that has waited: the view's request must be told from others by then.
use_tasks();
