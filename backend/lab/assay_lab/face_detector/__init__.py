"""BlazeFace, distilled from the public one."""
