-- Articles that were taken from files (internal/knowledge/folder): what the files call them, and how both stood then.
CREATE TABLE knowledge_import (
    article_id BIGINT NOT NULL PRIMARY KEY REFERENCES knowledge_article (id) ON DELETE CASCADE,
    origin     TEXT NOT NULL,
    sum        TEXT NOT NULL,  -- of what the files said
    edition    BIGINT NOT NULL -- of the article, when they had been taken
);
CREATE INDEX knowledge_import_origin ON knowledge_import (origin);
CREATE INDEX knowledge_picture_size ON knowledge_picture (size);

-- Who changed an article last.
ALTER TABLE knowledge_article ADD COLUMN editor_id BIGINT NOT NULL DEFAULT 0;
