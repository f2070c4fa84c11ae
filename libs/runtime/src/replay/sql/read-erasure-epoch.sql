SELECT value
FROM privacy.epoch;
