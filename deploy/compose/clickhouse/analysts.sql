-- Written by RAPPORT_WRITE_DOCS=1 npm run jest -- test/sql-docs/server-access from the tables and limits of Rapport; do not edit it.
-- For analysts of workspaces other than the default one, whose user is in analyst.xml. An administrator with access management runs it
-- after every upgrade, and for each workspace, with the password that `rapport keys sql --workspace shop` prints:
-- CREATE USER analyst_shop IDENTIFIED BY '...' DEFAULT ROLE rapport_analyst; GRANT rapport_analyst TO analyst_shop;

CREATE SETTINGS PROFILE IF NOT EXISTS rapport_analyst SETTINGS readonly = 2 CONST, max_execution_time = 60 MAX 60, max_memory_usage = 2147483648 MAX 2147483648, max_result_bytes = 268435456 MAX 268435456, max_result_rows = 10000000 MAX 10000000, max_rows_to_read = 2000000000 MAX 2000000000;
CREATE ROLE IF NOT EXISTS rapport_analyst SETTINGS PROFILE 'rapport_analyst';
GRANT SELECT ON rapport.* TO rapport_analyst;
CREATE ROW POLICY OR REPLACE rapport_workspace ON rapport.consents USING workspace_id = substring(currentUser(), length('analyst_') + 1) TO rapport_analyst;
CREATE ROW POLICY OR REPLACE rapport_whole ON rapport.consents USING 1 TO ALL EXCEPT rapport_analyst, analyst;
CREATE ROW POLICY OR REPLACE rapport_workspace ON rapport.deliveries USING workspace_id = substring(currentUser(), length('analyst_') + 1) TO rapport_analyst;
CREATE ROW POLICY OR REPLACE rapport_whole ON rapport.deliveries USING 1 TO ALL EXCEPT rapport_analyst, analyst;
CREATE ROW POLICY OR REPLACE rapport_workspace ON rapport.delivery_requests USING workspace_id = substring(currentUser(), length('analyst_') + 1) TO rapport_analyst;
CREATE ROW POLICY OR REPLACE rapport_whole ON rapport.delivery_requests USING 1 TO ALL EXCEPT rapport_analyst, analyst;
CREATE ROW POLICY OR REPLACE rapport_workspace ON rapport.identifiers USING workspace_id = substring(currentUser(), length('analyst_') + 1) TO rapport_analyst;
CREATE ROW POLICY OR REPLACE rapport_whole ON rapport.identifiers USING 1 TO ALL EXCEPT rapport_analyst, analyst;
CREATE ROW POLICY OR REPLACE rapport_workspace ON rapport.identities USING workspace_id = substring(currentUser(), length('analyst_') + 1) TO rapport_analyst;
CREATE ROW POLICY OR REPLACE rapport_whole ON rapport.identities USING 1 TO ALL EXCEPT rapport_analyst, analyst;
CREATE ROW POLICY OR REPLACE rapport_workspace ON rapport.journeys USING workspace_id = substring(currentUser(), length('analyst_') + 1) TO rapport_analyst;
CREATE ROW POLICY OR REPLACE rapport_whole ON rapport.journeys USING 1 TO ALL EXCEPT rapport_analyst, analyst;
CREATE ROW POLICY OR REPLACE rapport_workspace ON rapport.lifecycle_changes USING workspace_id = substring(currentUser(), length('analyst_') + 1) TO rapport_analyst;
CREATE ROW POLICY OR REPLACE rapport_whole ON rapport.lifecycle_changes USING 1 TO ALL EXCEPT rapport_analyst, analyst;
CREATE ROW POLICY OR REPLACE rapport_workspace ON rapport.loaded_costs USING workspace_id = substring(currentUser(), length('analyst_') + 1) TO rapport_analyst;
CREATE ROW POLICY OR REPLACE rapport_whole ON rapport.loaded_costs USING 1 TO ALL EXCEPT rapport_analyst, analyst;
CREATE ROW POLICY OR REPLACE rapport_workspace ON rapport.loaded_exchange_rates USING workspace_id = substring(currentUser(), length('analyst_') + 1) TO rapport_analyst;
CREATE ROW POLICY OR REPLACE rapport_whole ON rapport.loaded_exchange_rates USING 1 TO ALL EXCEPT rapport_analyst, analyst;
CREATE ROW POLICY OR REPLACE rapport_workspace ON rapport.memberships USING workspace_id = substring(currentUser(), length('analyst_') + 1) TO rapport_analyst;
CREATE ROW POLICY OR REPLACE rapport_whole ON rapport.memberships USING 1 TO ALL EXCEPT rapport_analyst, analyst;
CREATE ROW POLICY OR REPLACE rapport_workspace ON rapport.preferences USING workspace_id = substring(currentUser(), length('analyst_') + 1) TO rapport_analyst;
CREATE ROW POLICY OR REPLACE rapport_whole ON rapport.preferences USING 1 TO ALL EXCEPT rapport_analyst, analyst;
CREATE ROW POLICY OR REPLACE rapport_workspace ON rapport.profile_activity USING workspace_id = substring(currentUser(), length('analyst_') + 1) TO rapport_analyst;
CREATE ROW POLICY OR REPLACE rapport_whole ON rapport.profile_activity USING 1 TO ALL EXCEPT rapport_analyst, analyst;
CREATE ROW POLICY OR REPLACE rapport_workspace ON rapport.recorded_orders USING workspace_id = substring(currentUser(), length('analyst_') + 1) TO rapport_analyst;
CREATE ROW POLICY OR REPLACE rapport_whole ON rapport.recorded_orders USING 1 TO ALL EXCEPT rapport_analyst, analyst;
CREATE ROW POLICY OR REPLACE rapport_workspace ON rapport.recorded_touchpoints USING workspace_id = substring(currentUser(), length('analyst_') + 1) TO rapport_analyst;
CREATE ROW POLICY OR REPLACE rapport_whole ON rapport.recorded_touchpoints USING 1 TO ALL EXCEPT rapport_analyst, analyst;
CREATE ROW POLICY OR REPLACE rapport_workspace ON rapport.refused_links USING workspace_id = substring(currentUser(), length('analyst_') + 1) TO rapport_analyst;
CREATE ROW POLICY OR REPLACE rapport_whole ON rapport.refused_links USING 1 TO ALL EXCEPT rapport_analyst, analyst;
CREATE ROW POLICY OR REPLACE rapport_workspace ON rapport.rejected_touchpoints USING workspace_id = substring(currentUser(), length('analyst_') + 1) TO rapport_analyst;
CREATE ROW POLICY OR REPLACE rapport_whole ON rapport.rejected_touchpoints USING 1 TO ALL EXCEPT rapport_analyst, analyst;
CREATE ROW POLICY OR REPLACE rapport_workspace ON rapport.scores USING workspace_id = substring(currentUser(), length('analyst_') + 1) TO rapport_analyst;
CREATE ROW POLICY OR REPLACE rapport_whole ON rapport.scores USING 1 TO ALL EXCEPT rapport_analyst, analyst;
CREATE ROW POLICY OR REPLACE rapport_workspace ON rapport.timers USING workspace_id = substring(currentUser(), length('analyst_') + 1) TO rapport_analyst;
CREATE ROW POLICY OR REPLACE rapport_whole ON rapport.timers USING 1 TO ALL EXCEPT rapport_analyst, analyst;
CREATE ROW POLICY OR REPLACE rapport_workspace ON rapport.touchpoints_by_profile USING workspace_id = substring(currentUser(), length('analyst_') + 1) TO rapport_analyst;
CREATE ROW POLICY OR REPLACE rapport_whole ON rapport.touchpoints_by_profile USING 1 TO ALL EXCEPT rapport_analyst, analyst;
CREATE ROW POLICY OR REPLACE rapport_workspace ON rapport.workspaces USING workspace_id = substring(currentUser(), length('analyst_') + 1) TO rapport_analyst;
CREATE ROW POLICY OR REPLACE rapport_whole ON rapport.workspaces USING 1 TO ALL EXCEPT rapport_analyst, analyst;
