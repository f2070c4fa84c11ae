-- What was merged can be split again: a touchpoint keeps the profile of its leading identifier taken alone, which never
-- changes, and a merge or split has one row for every lone profile that it moves.

ALTER TABLE recorded_touchpoints
    ADD COLUMN IF NOT EXISTS lone_profile_id String DEFAULT profile_id
        COMMENT 'Profile of its leading identifier taken alone; it never changes, and the view touchpoints looks up by it who that is today'
        AFTER profile_id;

ALTER TABLE recorded_touchpoints
    COMMENT COLUMN profile_id 'Profile it was resolved to when it arrived; the view touchpoints follows later merges and splits';

ALTER TABLE recorded_touchpoints
    MODIFY COMMENT 'Every touchpoint as it was recorded, once. Ask the view touchpoints: it follows merges and splits';

ALTER TABLE identities
    ADD COLUMN IF NOT EXISTS sequence UInt64
        COMMENT 'Grows with every merge and split of a workspace: of two rows of a profile the higher one holds'
        AFTER survivor_id;

ALTER TABLE identities
    COMMENT COLUMN profile_id 'Lone profile that was moved';

ALTER TABLE identities
    COMMENT COLUMN survivor_id 'Profile it lives on in from now on; itself, when it was split off';

ALTER TABLE identities
    MODIFY COMMENT 'Merges and splits of profiles, one row for every lone profile moved. The view profile_survivors says what holds today';
