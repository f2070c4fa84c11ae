-- A batch of touchpoints is one small part in each of these tables, several a second. Merging twelve parts of a size at a time, and
-- not five, writes each row fewer times; questions read a few more parts.
ALTER TABLE recorded_touchpoints MODIFY SETTING merge_selector_base = 12;
ALTER TABLE touchpoints_by_profile MODIFY SETTING merge_selector_base = 12;
ALTER TABLE profile_activity MODIFY SETTING merge_selector_base = 12;
ALTER TABLE recorded_orders MODIFY SETTING merge_selector_base = 12;
ALTER TABLE identities MODIFY SETTING merge_selector_base = 12;
ALTER TABLE identifiers MODIFY SETTING merge_selector_base = 12;
ALTER TABLE memberships MODIFY SETTING merge_selector_base = 12;
ALTER TABLE journeys MODIFY SETTING merge_selector_base = 12;
ALTER TABLE lifecycle_changes MODIFY SETTING merge_selector_base = 12;
