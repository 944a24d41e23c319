-- What a client may still ask for that costs a GPU, shared by all processes. A row whose time has come says nothing
-- any more, and the sweeper deletes it.
CREATE TABLE rates (
    client     TEXT PRIMARY KEY,   -- hash of an address, not the address
    arrival_ms BIGINT NOT NULL     -- when the next request would come if the client kept exactly to the rate
);
