-- 0026 region below: what lies below a region is asked for by every filter on a place
-- Phase: before the code.
create index region_path_ancestor on store.region_path (ancestor_code);                      -- lists, map, API: region
