"""The five districts of West Yorkshire and the police area, by GSS code (Office for National Statistics)."""

DISTRICTS = {
    "E08000032": "Bradford",
    "E08000033": "Calderdale",
    "E08000034": "Kirklees",
    "E08000035": "Leeds",
    "E08000036": "Wakefield",
}
POLICE_AREA = "E23000010"
DISTRICT_CODES = {name: code for code, name in DISTRICTS.items()}
