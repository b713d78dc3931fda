"""Files of figures as tests make them: the header rows as they are published, word for word; the rows are made."""

import io
from collections.abc import Sequence
from datetime import date

from openpyxl import Workbook

from spatc_funds.framework.template import COLUMNS

TODAY = date(2026, 11, 23)
STREET = (
    "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,Crime type,"
    "Last outcome category,Context"
)
# dft-road-casualty-statistics-accident-2021 and -collision-2024
COLLISIONS_2021 = (
    "accident_index,accident_year,accident_reference,location_easting_osgr,location_northing_osgr,longitude,latitude,"
    "police_force,accident_severity,number_of_vehicles,number_of_casualties,date,day_of_week,time,"
    "local_authority_district,local_authority_ons_district,local_authority_highway,first_road_class,first_road_number,"
    "road_type,speed_limit,junction_detail,junction_control,second_road_class,second_road_number,"
    "pedestrian_crossing_human_control,pedestrian_crossing_physical_facilities,light_conditions,weather_conditions,"
    "road_surface_conditions,special_conditions_at_site,carriageway_hazards,urban_or_rural_area,"
    "did_police_officer_attend_scene_of_accident,trunk_road_flag,lsoa_of_accident_location"
)
COLLISIONS_2024 = (
    "collision_index,collision_year,collision_ref_no,location_easting_osgr,location_northing_osgr,longitude,latitude,"
    "police_force,collision_severity,number_of_vehicles,number_of_casualties,date,day_of_week,time,"
    "local_authority_district,local_authority_ons_district,local_authority_highway,local_authority_highway_current,"
    "first_road_class,first_road_number,road_type,speed_limit,junction_detail_historic,junction_detail,"
    "junction_control,second_road_class,second_road_number,pedestrian_crossing_human_control_historic,"
    "pedestrian_crossing_physical_facilities_historic,pedestrian_crossing,light_conditions,weather_conditions,"
    "road_surface_conditions,special_conditions_at_site,carriageway_hazards_historic,carriageway_hazards,"
    "urban_or_rural_area,did_police_officer_attend_scene_of_accident,trunk_road_flag,lsoa_of_accident_location,"
    "enhanced_severity_collision,collision_injury_based,collision_adjusted_severity_serious,"
    "collision_adjusted_severity_slight"
)


def crime(month: str, lsoa: str, kind: str, force: str = "West Yorkshire Police") -> list[str]:
    """A row of police.uk's file."""
    where = ["-1.5", "53.8", "On or near Example Street", "E01011264", lsoa]
    return ["", month, force, force, *where, kind, "", ""]


def collision(header: str, day: str, district: str, severity: str, casualties: str = "1") -> list[str]:
    """A row of the Department for Transport's file."""
    names = header.split(",")
    told = {"date": day, "local_authority_ons_district": district, "number_of_casualties": casualties}
    told |= {
        "accident_severity": severity,
        "collision_severity": severity,
        "accident_index": "1",
        "collision_index": "1",
    }
    return [told.get(name, "-1") for name in names]


def csv_of(header: str, rows: Sequence[Sequence[str]]) -> bytes:
    """The file."""
    return ("\r\n".join([header, *(",".join(row) for row in rows)]) + "\r\n").encode()


def own(*rows: Sequence[str]) -> bytes:
    """The service's own file as csv."""
    return csv_of(",".join(COLUMNS), rows)


def own_xlsx(*rows: Sequence[object]) -> bytes:
    """The service's own file as a spreadsheet."""
    book, out = Workbook(), io.BytesIO()
    sheet = book.worksheets[0]
    sheet.append(COLUMNS)
    for row in rows:
        sheet.append(list(row))
    book.save(out)
    return out.getvalue()
