-- What entries share that are about one certificate: SHA-256 of its TBSCertificate without what
-- certificate transparency put into it; null for entries that are about none.
ALTER TABLE observation ADD COLUMN certificate ${bytes};
