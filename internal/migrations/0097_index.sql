-- SQLite uses an index of some rows only where the statement says in the same words that it asks for those. "WHERE company_id <> 0" is never said
-- beside "company_id = ?", so such an index was read by nobody, and what was asked read the whole table. These are of all rows now.

DROP INDEX conversation_company;
CREATE INDEX conversation_company ON conversation (company_id, last_at, id);
CREATE INDEX conversation_merged ON conversation (merged_into) WHERE merged_into <> 0; -- few are: those who ask say so
CREATE INDEX conversation_chats ON conversation (status, channel, assignee_id) WHERE channel = 'chat'; -- asked for whenever something is assigned

DROP INDEX contact_company_people;
CREATE INDEX contact_company_people ON contact (company_id, last_seen_at, id);
DROP INDEX contact_owner;
CREATE INDEX contact_owner ON contact (owner_id, last_seen_at, id);

DROP INDEX email_item_state;
CREATE INDEX email_item_held ON email_item (id) WHERE state = 'quarantine';
CREATE INDEX email_item_new ON email_item (id) WHERE state = 'new';
DROP INDEX email_item_message;
CREATE INDEX email_item_message ON email_item (message_id);

DROP INDEX form_submission_contact;
CREATE INDEX form_submission_contact ON form_submission (contact_id);
DROP INDEX form_submission_email;
CREATE INDEX form_submission_email ON form_submission (email, at);
CREATE INDEX form_submission_talk ON form_submission (conversation_id);

DROP INDEX oncall_page_conversation;
CREATE INDEX oncall_page_conversation ON oncall_page (conversation_id);
CREATE INDEX oncall_page_live ON oncall_page (id) WHERE state <> 'resolved';

DROP INDEX outcall_contact;
CREATE INDEX outcall_contact ON outcall (contact_id);
DROP INDEX outcall_conversation;
CREATE INDEX outcall_conversation ON outcall (conversation_id);

DROP INDEX hookin_item_contact;
CREATE INDEX hookin_item_contact ON hookin_item (contact_id);
DROP INDEX hookin_item_conversation;
CREATE INDEX hookin_item_conversation ON hookin_item (conversation_id);

DROP INDEX sequence_path_talk;
CREATE INDEX sequence_path_talk ON sequence_path (conversation_id);
DROP INDEX sequence_path_root;
CREATE INDEX sequence_path_root ON sequence_path (root_id);

DROP INDEX slack_post_conversation;
CREATE INDEX slack_post_conversation ON slack_post (conversation_id);
DROP INDEX slack_post_contact;
CREATE INDEX slack_post_contact ON slack_post (contact_id);
DROP INDEX slack_post_page;
CREATE INDEX slack_post_page ON slack_post (page_id);
DROP INDEX slack_post_parent;
CREATE INDEX slack_post_parent ON slack_post (parent_id);
CREATE INDEX slack_post_of ON slack_post (delivery_id);
DROP INDEX slack_in_message;
CREATE INDEX slack_in_message ON slack_in (message_id);

DROP INDEX campaign_recipient_talk;
CREATE INDEX campaign_recipient_talk ON campaign_recipient (conversation_id);
