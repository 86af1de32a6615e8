# Copyright (c) 2026 winmail.exchange contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which product answers, by its greeting banner.

Exchange: Q171435 (5.0), Q298944 and Q189732 (5.5), captures/pop3/39 to 41, the default banner of Set-PopSettings (2007
and later). Up to 2003 the wording is localised and the name may stand anywhere (nmap-service-probes has German, French,
Spanish, Italian, Dutch, Czech, Hungarian, Russian, Chinese and Korean ones), so the name and the build decide. Behind
the banner of 2013 and later comes the server's name in base64 where that is switched on.

The others: the greeting in the server's source where the row names a repository, else the row of nmap-service-probes
(nmap/nmap); Q280096 for the antivirus proxy; the servers of Debian are started by the integration tests. "POP3 ready"
is nginx, and Mailutils since 3.19, so it is nobody.
"""

from __future__ import annotations

import re

from .values import EXCHANGE, UNKNOWN_PRODUCT, Product

# Version numbers as the products print them -> generation.
_GENERATIONS = {"5.0": "5.0", "5.5": "5.5", "6.0": "2000", "6.5": "2003"}
# A greeting is short; what is longer is cut before it is looked at.
_LONGEST = 512
_EXCHANGE = re.compile(r"\+ok\b.*?\bmicrosoft exchange\b(.*)", re.IGNORECASE)
_BUILD = re.compile(r"(?<![\d.])((5\.0|5\.5|6\.0|6\.5)(?:\.\d{1,5})+)(?![\d.]*\d)")
_YEAR = re.compile(r"\s+(?:server\s+)?(2000|2003|20[01]\d)\b", re.IGNORECASE)
_MODERN = re.compile(r"\+ok the microsoft exchange pop3 service is ready\b", re.IGNORECASE)
_PROXY = "proxy"
# What follows "+OK ", family, name.
_OTHERS = tuple(
    (re.compile(rf"\+ok\s+{pattern}", re.IGNORECASE), Product(family, name))
    for pattern, family, name in (
        (r"microsoft windows pop3 service\b", "windows", "POP3 service of Windows Server 2003"),
        # Proxies and gateways: what they hide is another server.
        (r".*\bpgp universal service is proxying\b", _PROXY, "PGP Universal"),
        (r"pop3 perdit(?:i)?on ready\b", "perdition", "Perdition"),  # horms/perdition pop3_write.h, with its slip
        (r"(?:.*\[)?isafe pop3 proxy\b", _PROXY, "ISafe POP3 proxy"),
        (r"avast! pop3 proxy\b", _PROXY, "Avast POP3 proxy"),
        (r"avg pop3 proxy\b", _PROXY, "AVG POP3 proxy"),
        (r"f-secure/", _PROXY, "F-Secure Internet Gatekeeper"),
        (r"trendmicro imss\b.*\bproxy\b", _PROXY, "Trend Micro IMSS"),
        (r"interscan viruswall pop3 proxy\b", _PROXY, "Trend Micro InterScan VirusWall"),
        (r"pop3proxy ready\b", _PROXY, "Astaro Security Gateway"),
        (r"pop3 proxy server ready\b", _PROXY, "IronMail"),
        (r"mailmarshal\b", _PROXY, "MailMarshal"),
        (r"mirapoint pop3proxy\b", _PROXY, "Mirapoint POP3 proxy"),
        (r"pop3 popfile\b", _PROXY, "POPFile"),
        (r"davmail\b", "davmail", "DavMail"),  # mguessan/davmail PopConnection.java
        (r"pop3 server ready\.?\s*$", _PROXY, "perhaps the POP3 proxy of an antivirus program"),
        # Servers.
        (r"(?:.*\s)?dovecot\b", "dovecot", "Dovecot"),  # dovecot/core login_greeting; "(Ubuntu)" and the like follow
        (r"pop3 ready <\d+\.\d+@", "mailutils", "GNU Mailutils pop3d"),
        (r"pop3 welcome to vm-pop3d\b", "vm-pop3d", "vm-pop3d"),
        (r"hello there\.", "courier", "Courier"),  # svarshavchik/courier-libs imap/pop3login.C
        (r".*\bcyrus pop3\b", "cyrus", "Cyrus IMAP"),  # cyrusimap/cyrus-imapd imap/pop3d.c
        (r"qpop(?:per)?\b", "qpopper", "Qpopper"),
        (r"pop3 \S+ v?20\d\d\S* server ready\b", "uw", "UW IMAP toolkit"),  # uw-imap/imap src/ipopd/ipop3d.c
        (r"solid pop3 server ready\b", "solid", "Solid POP3 server"),
        (r"teapop\b", "teapop", "Teapop"),
        (r"dbmail pop3 server\b", "dbmail", "DBMail"),  # dbmail/dbmail src/pop3.c
        (r"citadel pop3 server\b", "citadel", "Citadel"),
        (r".*\bzimbra pop3 server\b", "zimbra", "Zimbra"),
        (r".*\bpop3 server \(james\b", "james", "Apache James"),  # james-project WelcomeMessageHandler.java
        (r"stalwart pop3\b", "stalwart", "Stalwart"),  # stalwartlabs/stalwart crates/pop3/src/lib.rs
        (r".*\bhmailserver\b", "hmailserver", "hMailServer"),
        (r"welcome to mailenable pop3 server\b", "mailenable", "MailEnable"),
        (r".*\bmdaemon\b", "mdaemon", "MDaemon"),
        (r"kerio (?:connect|mailserver)\b", "kerio", "Kerio Connect"),
        (r".*\b(?:icewarp|merak)\b", "icewarp", "IceWarp"),
        (r"axigen pop3 server\b", "axigen", "Axigen"),
        (r"(?:lotus|ibm) notes pop3 server\b", "domino", "HCL Domino"),
        (r"groupwise pop3 server\b", "groupwise", "GroupWise"),
        (r".*\bcommunigate pro\b", "communigate", "CommuniGate Pro"),
        (r"<[^>]*>, (?:mercuryp|pop3 server ready)\b", "mercury", "Mercury"),
        (r"<[^>]*> \[xmail\b", "xmail", "XMail"),
        (r".*\bimail\b", "imail", "IMail"),
        (r"scalix pop3\b", "scalix", "Scalix"),
        (r"zarafa pop3 gateway\b", "zarafa", "Zarafa"),
        (r"gpop ready\b", "gmail", "Gmail"),
    )
)


def identify(banner: str) -> Product:
    """Return who prints this banner; every field is None where nothing is known."""
    banner = banner[:_LONGEST]
    match = _EXCHANGE.match(banner)
    if match:
        return _exchange(banner, match.group(1))
    for pattern, product in _OTHERS:
        if pattern.match(banner):
            return product
    return UNKNOWN_PRODUCT


def _exchange(banner: str, rest: str) -> Product:
    """Return the generation that the build behind the name shows, or else the year in the name."""
    build = _BUILD.search(rest)
    if build:
        generation = _GENERATIONS[build.group(2)]
        return Product(EXCHANGE, f"Microsoft Exchange Server {generation}", generation, build.group(1))
    year = _YEAR.match(rest)
    if year and year.group(1) in _GENERATIONS.values():
        return Product(EXCHANGE, f"Microsoft Exchange Server {year.group(1)}", year.group(1))
    if year or _MODERN.match(banner):
        return Product(EXCHANGE, "Microsoft Exchange Server 2007 or later", "2007+")
    return Product(EXCHANGE, "Microsoft Exchange Server")
