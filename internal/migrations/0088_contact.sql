-- Which time zones there are, without a look at every customer.
CREATE INDEX contact_zone ON contact (time_zone);
