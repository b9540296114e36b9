import pytest

from waymark.formats.number_formats import shown_number

ACCOUNTING = r'_-"{0}"* #,##0.00_-;-"{0}"* #,##0.00_-;_-"{0}"* "-"??_-;_-@_-'
THOUSANDS = '[>=1000000]"£"0.0,,"m";[>=1000]"£"0.0,"k";"£"0'


@pytest.mark.parametrize(
    ("code", "value", "shown"),
    [
        ("[$£-809]#,##0", 35_000, "£35,000"),
        ('"Yes";"Yes";"No"', 0, "No"),
        ('"Yes";"Yes";"No"', 1, "Yes"),
        ('£#,##0;-£#,##0;"unpaid"', 0, "unpaid"),
        (r"[$€-407]\ #,##0", 45_000, "€ 45,000"),
        ("[$€-2] #,##0.00", 45_000, "€ 45,000.00"),
        (r"#,##0.00\ [$€-407]", 45_000, "45,000.00 €"),
        (r"[$CHF]\ #,##0", 80_000, "CHF 80,000"),
        (r"#,##0\ [$kr-41D]", 80_000, "80,000 kr"),
        ("[$A$-C09]#,##0", 45_000, "A$45,000"),
        ("[$₹-4009]#,##0", 45_000, "₹45,000"),
        ("[$-409]#,##0", 45_000, "45,000"),
        ("[$$-409]#,##0", 45_000, "$45,000"),
        ('"A$"#,##0', 45_000, "A$45,000"),
        ('"US$"#,##0', 45_000, "US$45,000"),
        ('"£"#,##0', -1200, "-£1,200"),
        ("$#,##0", 93_600, "$93,600"),
        ("€#,##0", 93_600, "€93,600"),
        (r"\£#,##0", 93_600, "£93,600"),
        ("#,##0", 93_600, "93,600"),
        (ACCOUNTING.format("£"), 35_000, "£35,000.00"),
        (ACCOUNTING.format("£"), -35_000, "-£35,000.00"),
        (ACCOUNTING.format("£"), 0, "£0.00"),
        (r"[$£-809]#,##0;[Red]-[$£-809]#,##0", -35_000, "-£35,000"),
        (THOUSANDS, 1_500_000, "£1.5m"),
        (THOUSANDS, 93_600, "£93.6k"),
        (THOUSANDS, 930, "£930"),
        ("0.00E+00[$€-407]", 45_000, "45000€"),
    ],
)
def test_an_amount_has_the_currency_that_its_format_names_and_no_other(
    code: str, value: float, shown: str
) -> None:
    assert shown_number(value, code) == shown


@pytest.mark.parametrize(
    ("code", "value", "shown"),
    [
        ("# ?/?", 0.5, "0.5"),
        ("# ??/??", 2.75, "2.75"),
        ("# ??/100", 2.75, "2.75"),
        ('# ?/?" hours"', 7.5, "7.5 hours"),
        ("0.00E+00", 1_500_000, "1500000"),
        (r"000\-0000", 5_551_234, "5551234"),
        (r"[<=9999999]###\-####;\(###\)\ ###\-####", 5_551_234_567, "5551234567"),
        ("General", 18_005_551_234, "18005551234"),
        ("General", 0.1 + 0.2, "0.3"),
        ("@", 5, "5"),
        ("", 5, "5"),
        (";;;", 5, "5"),
    ],
)
def test_a_number_that_its_format_shows_in_pieces_keeps_its_value(
    code: str, value: float, shown: str
) -> None:
    assert shown_number(value, code) == shown


@pytest.mark.parametrize(
    ("code", "value", "shown"),
    [
        ("0.0##", 0.125, "0.125"),
        ("0.0##", 0.1, "0.1"),
        ("0.0##", 2, "2.0"),
        ("#.##", 2, "2"),
        ("0.0??", 0.25, "0.25"),
        ("0.000000000000", 1 / 3, "0.3333333333"),
        ("00000", 2139, "02139"),
        ("#,##0,", 45_000, "45"),
        ("0.0,,", 1_234_567, "1.2"),
        ("0", -0.2, "0"),
    ],
)
def test_places_after_the_point_are_shown_as_the_format_counts_them(
    code: str, value: float, shown: str
) -> None:
    assert shown_number(value, code) == shown


@pytest.mark.parametrize(
    ("code", "value", "shown"),
    [
        ("0%", 0.05, "5%"),
        ("+0.0%;-0.0%", 0.051, "5.1%"),
        ("+0.0%;-0.0%", -0.051, "-5.1%"),
        ('0.0"%"', 5.2, "5.2%"),
        (r"0\%", 5, "5%"),
        ('0" hours"', 40, "40 hours"),
        ('"Level "0', 3, "Level 3"),
        ('General" km"', 5.25, "5.25 km"),
        ("#,##0_);(#,##0)", -5000, "-5,000"),
        ('[=1]"Yes";[=0]"No";0', 0, "No"),
        ('[=1]"Yes";[=0]"No";0', 2, "2"),
        ("[Blue]0", 7, "7"),
        ("[>1.2.3]0;0.0", 7, "7"),
        ("[=>5]0", 7, "7"),
        ("[>.5]0.0;0", 0.7, "0.7"),
        ("[>]0", 7, "7"),
    ],
)
def test_percent_and_unit_are_shown_and_colours_and_gaps_are_not(
    code: str, value: float, shown: str
) -> None:
    assert shown_number(value, code) == shown
