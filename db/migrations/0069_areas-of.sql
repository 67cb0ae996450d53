-- What outages may call an area: each of region, branch and zone is named, or none. Unknown ones are empty.
CREATE FUNCTION "areas_of"("in_region" text, "in_branch" text, "in_zone" text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN (SELECT ARRAY[r || '|' || b || '|' || z, r || '|' || b || '|', r || '||' || z, r || '||', '|' || b || '|' || z, '|' || b || '|', '||' || z, '||']
  FROM (SELECT fold_place("in_region") AS r, fold_place("in_branch") AS b, fold_place("in_zone") AS z OFFSET 0) folded);
