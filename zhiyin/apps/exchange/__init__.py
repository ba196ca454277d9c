"""Tables that come in and go out as files: imports that can be undone, exports that are limited and audited."""
