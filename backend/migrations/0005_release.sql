-- The release that made the portrait: while a new one takes over, the old one makes portraits beside it.
ALTER TABLE photos ADD COLUMN made_by_release TEXT;
