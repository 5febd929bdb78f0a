"""Writes the series in public domain that statsmodels carries as folders of Datasets.

Run from the top of the repository: python Tests/Reference/export_series.py
Needs statsmodels; the numbers are its own, to the last digit.
"""

import json
from pathlib import Path

from statsmodels.datasets import co2, elnino, macrodata, nile, sunspots

FOLDER = Path(__file__).resolve().parents[2] / "Datasets"


def keep(name, module, header, rows, series, window, title, description, origin):
    license = " ".join(module.COPYRIGHT.split()).rstrip(".")
    assert "public domain" in license, (name, license)
    folder = FOLDER / name
    folder.mkdir(exist_ok=True)
    lines = [",".join(header)] + [",".join(map(str, row)) for row in rows]
    (folder / "data.csv").write_text("\n".join(lines) + "\n")
    about = {
        "title": title,
        "description": description,
        "origin": origin + ", by way of statsmodels.",
        "license": "Public domain",
        "examples": len(rows) - window,
        "target": series[-1],
        "exampleShape": [window, len(series)],
        "series": series,
    }
    (folder / "dataset.json").write_text(json.dumps(about, indent=2, ensure_ascii=False) + "\n")


def number(value):
    """A number as it is written; nothing where there is none."""
    if value != value:
        return ""
    return int(value) if value == int(value) else float(value)


table = sunspots.load_pandas().data
keep(
    "sunspots", sunspots, ["year", "sunspots"],
    [(int(year), number(spots)) for year, spots in table.itertuples(index=False)],
    ["sunspots"], 24, "Sunspots, yearly 1700-2008",
    "The sun has spots in cycles of about eleven years: from 24 years, how many are there next?",
    "National Geophysical Data Center of NOAA, yearly sunspot numbers")

table = co2.load_pandas().data
keep(
    "co2", co2, ["week", "co2"],
    [(week.strftime("%Y-%m-%d"), number(value)) for week, value in table["co2"].items()],
    ["co2"], 52, "CO2 over Mauna Loa, weekly 1958-2001",
    "Carbon dioxide in the air, in parts per million: a trend with a season on it. Gaps are filled "
    "in from the weeks around.",
    "C. D. Keeling and T. P. Whorf, Atmospheric CO2 from flask air samples at Mauna Loa, Carbon "
    "Dioxide Information Analysis Center, 2004")

table = elnino.load_pandas().data
keep(
    "el_nino", elnino, ["year", "month", "temperature"],
    [
        (int(row[0]), month + 1, number(value))
        for row in table.itertuples(index=False)
        for month, value in enumerate(row[1:])
    ],
    ["temperature"], 24, "El Niño, monthly 1950-2010",
    "The temperature of the sea at the coast of Peru, in degrees Celsius: a season, and now and "
    "then a year that is far too warm.",
    "National Weather Service of NOAA, ERSST.V3B, Nino 1+2")

table = nile.load_pandas().data
keep(
    "nile", nile, ["year", "flow"],
    [(int(year), number(flow)) for year, flow in table.itertuples(index=False)],
    ["flow"], 10, "The Nile, yearly 1871-1970",
    "How much water the Nile carried at Aswan, in 10^8 cubic meters: less since 1898, and hard to "
    "guess.",
    "G. W. Cobb, The Problem of the Nile, Biometrika 65.2, 1978")

table = macrodata.load_pandas().data
wanted = ["infl", "realint", "tbilrate", "unemp"]
keep(
    "us_macro", macrodata, ["year", "quarter"] + wanted,
    [
        (int(row["year"]), int(row["quarter"]), *[number(row[name]) for name in wanted])
        for _, row in table.iterrows()
    ],
    wanted, 8, "The economy of the US, quarterly 1959-2009",
    "Inflation, real interest, treasury bills and unemployment, in percent: from two years, what is "
    "the next rate of unemployment?",
    "Federal Reserve Bank of St. Louis and Bureau of Labor Statistics, December 2009")
