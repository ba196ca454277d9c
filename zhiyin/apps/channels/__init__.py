"""How calls come in and go out: the company's numbers, trunks to carriers, SIP telephones, the outbound policy."""
