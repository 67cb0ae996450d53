-- A place as it is compared, by the letters alone: as lib/platform/names.ts foldName, whatever the database's own language.
CREATE FUNCTION "fold_place"("place" text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN trim(regexp_replace(replace(lower(translate(
  replace(replace(replace(replace(replace(replace(replace(replace(
    regexp_replace(normalize("place", NFKD), '[\u0300-\u036f]', '', 'g'),
    'љ', 'lj'), 'Љ', 'lj'), 'њ', 'nj'), 'Њ', 'nj'), 'џ', 'dz'), 'Џ', 'dz'), 'ß', 'ss'), 'ı', 'i'),
  'абвгдежзијклмнопрстћуфхцчшАБВГДЕЖЗИЈКЛМНОПРСТЋУФХЦЧШђЂđĐ', 'abvgdezzijklmnoprstcufhccsabvgdezzijklmnoprstcufhccsdddd')), 'dj', 'd'),
  '[\u0001-\u002f\u003a-\u0060\u007b-\u00bf\u2000-\u206f]+', ' ', 'g'));--> statement-breakpoint
-- Its words as they are searched: as they sound to Albanians and Serbs alike, and without an ending (Tirana and Tiranë, Priština and Prishtinë).
CREATE FUNCTION "place_words"("place" text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN regexp_replace(replace(replace(replace(fold_place("place"), 'sh', 's'), 'zh', 'z'), 'xh', 'dz'), '([a-z]{3})[aeiou]+\M', '\1', 'g');
