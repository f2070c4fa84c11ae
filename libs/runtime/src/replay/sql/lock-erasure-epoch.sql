SELECT value
FROM privacy.epoch
FOR SHARE;
