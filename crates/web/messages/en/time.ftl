# Times, shares and money.

time-jan = Jan
time-feb = Feb
time-mar = Mar
time-apr = Apr
time-may = May
time-jun = Jun
time-jul = Jul
time-aug = Aug
time-sep = Sep
time-oct = Oct
time-nov = Nov
time-dec = Dec
time-now = now
time-minutes = { $n } min
time-hours = { $n } h
time-percent = { $n }%

money-dzd = { $amount } DA
money-bdt = ৳{ $amount }
money-kes = KSh { $amount }
money-eur = €{ $amount }
money-gbp = £{ $amount }
money-usd = ${ $amount }
money-other = { $amount } { $code }
