INSERT INTO confrere_meta.origin (simulated) VALUES (false);
