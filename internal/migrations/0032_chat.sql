-- Which sites showed a widget, and when last: so that whoever installs it sees that it works.

CREATE TABLE chat_site (
    inbox_id BIGINT NOT NULL REFERENCES inbox (id) ON DELETE CASCADE,
    origin   TEXT   NOT NULL, -- as its browser says: https://shop.example
    seen_at  BIGINT NOT NULL,
    PRIMARY KEY (inbox_id, origin)
);
