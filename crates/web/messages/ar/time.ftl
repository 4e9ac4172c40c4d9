# Times, shares and money.

time-jan = جانفي
time-feb = فيفري
time-mar = مارس
time-apr = أفريل
time-may = ماي
time-jun = جوان
time-jul = جويلية
time-aug = أوت
time-sep = سبتمبر
time-oct = أكتوبر
time-nov = نوفمبر
time-dec = ديسمبر
time-now = الآن
time-minutes = { $n } د
time-hours = { $n } س
time-percent = { $n }%

money-dzd = { $amount } د.ج
money-bdt = { $amount } ৳
money-kes = { $amount } KSh
money-eur = { $amount } €
money-gbp = { $amount } £
money-usd = { $amount } $
money-other = { $amount } { $code }
