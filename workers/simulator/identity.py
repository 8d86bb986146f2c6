"""Numbers and names that pass the checks of real ones: ID numbers, credit codes, bank cards, phones."""

from datetime import date
from random import Random

from stdnum import luhn
from stdnum.iso7064 import mod_11_2

_CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # GB 32100: without I O S V Z
_SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
    "余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
)
_COMMON = 24  # surnames from the front of the list that most people bear
_MALE = (
    "伟强军勇磊涛斌波辉刚健明亮建国志文海峰平华玉龙春林德福成宝庆祥忠义仁兴旺金贵永生长青学振东立新树森洪"
    "泽云天宇浩然俊杰子轩"
)
_FEMALE = (
    "芳娜敏静秀英丽娟艳霞燕红梅兰玲桂花凤琴桂荣素珍淑华玉莲翠萍春香月秋菊金凤爱莲丹雪婷倩慧欣怡佳颖梦瑶诗涵雨彤子涵"
)
_PHONE_PREFIXES = ("130", "131", "135", "138", "150", "155", "158", "178", "186", "188")
_CARD_PREFIX = "621700"


def id_number(area: str, born: date, order: int) -> str:
    """Return the 18-character number of GB 11643; an odd ``order`` (0–999) is a man's."""
    body = f"{area}{born:%Y%m%d}{order:03d}"
    return body + str(mod_11_2.calc_check_digit(body))


def short_number(number: str) -> str:
    """Return the 15-digit form in use until 1999."""
    return number[:6] + number[8:17]


def with_wrong_check(number: str) -> str:
    """Return the number as a clerk mistypes it: the last character one too high."""
    characters = "0123456789X"
    return number[:17] + characters[(characters.index(number[17]) + 1) % 11]


def credit_code(rng: Random, area: str) -> str:
    """Return a credit code of GB 32100 for a private non-enterprise unit (52)."""
    organisation = "MJ" + "".join(rng.choices(_CREDIT_ALPHABET, k=7))
    body = f"52{area}{organisation}"
    total = sum(_CREDIT_ALPHABET.index(char) * pow(3, place, 31) for place, char in enumerate(body))
    return body + _CREDIT_ALPHABET[-total % 31]


def card_number(rng: Random) -> str:
    body = _CARD_PREFIX + "".join(rng.choices("0123456789", k=12))
    return body + str(luhn.calc_check_digit(body))


def phone_number(rng: Random) -> str:
    return (
        rng.choice(("130", "131", "135", "138", "150", "155", "158", "178", "186", "188"))
        + f"{rng.randrange(10**8):08d}"
    )


def surname(rng: Random) -> str:
    return rng.choice(_SURNAMES[:_COMMON] if rng.random() < 0.7 else _SURNAMES)


def given_name(rng: Random, sex: str) -> str:
    return "".join(rng.choices(_MALE if sex == "男" else _FEMALE, k=1 if rng.random() < 0.2 else 2))


def digest(rng: Random) -> str:
    """Return what a photo's or signature's SHA-256 looks like."""
    return f"{rng.getrandbits(256):064x}"
