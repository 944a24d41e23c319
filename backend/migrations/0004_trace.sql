-- The span that a portrait's work continues, as W3C's traceparent: one trace a portrait, whichever processes make it.
ALTER TABLE photos ADD COLUMN traceparent TEXT;
