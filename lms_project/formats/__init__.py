"""How the admin shows a day and a moment: as the site's own pages do, which name the zone and have 24 hours."""
