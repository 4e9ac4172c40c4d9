# لوحة المتابعة وما ينتظر قارئها.

dash-window = لوحة المتابعة · قافلة
dash-morning = صباح الخير { $name }
dash-afternoon = طاب يومك { $name }
dash-evening = مساء الخير { $name }
dash-as-of = { $day }، { $time }
dash-today = اليوم
dash-yesterday = أمس
dash-week = 7 أيام
dash-month = 30 يومًا
dash-period = الفترة
dash-store = المتجر
dash-all-stores = كل المتاجر
dash-new = طلبات جديدة
dash-value = قيمة الطلبات الجديدة
dash-confirmation = نسبة التأكيد
dash-delivered = المُسلَّم، 30 يومًا
dash-right-now = الآن
dash-by-this-hour = { $n } حتى هذه الساعة قبل أسبوع
dash-week-before = { $n } في اليوم نفسه قبل أسبوع
dash-seven-before = { $n } في الأيام السبعة السابقة
dash-thirty-before = { $n } في الثلاثين يومًا السابقة
dash-whole-day-before = { $n } إجمالًا قبل أسبوع
dash-of-decided = { $part } من { $whole } بُتَّ فيها
dash-of-arrived = { $part } من { $whole } وصلت
dash-more-orders = طلبات أكثر بنسبة { $share }
dash-fewer-orders = طلبات أقل بنسبة { $share }
dash-as-many-orders = عدد الطلبات كما كان
dash-orders-in = الطلبات الواردة
dash-by-hour = الطلبات حسب الساعة · { $store }
dash-by-day = الطلبات حسب اليوم · { $store }
dash-chart-hours = الطلبات حسب الساعة
dash-chart-days = الطلبات حسب اليوم
dash-chart-said = عدد الطلبات حتى الآن { $now }، وفي فترة المقارنة { $before }. الذروة: { $peak }.
dash-line-week = قبل أسبوع
dash-line-seven = الأيام السبعة السابقة
dash-line-thirty = الثلاثون يومًا السابقة
dash-hour = الساعة
dash-day = اليوم
dash-as-table = العرض في جدول
dash-see-orders = { $count ->
    [zero] عرض الطلبات
    [one] عرض الطلب
    [two] عرض الطلبين
    [few] عرض { $n } طلبات
    [many] عرض { $n } طلبًا
    *[other] عرض { $n } طلب
}
dash-open-title = { $count ->
    [zero] لا طلبات مفتوحة
    [one] طلب مفتوح واحد
    [two] طلبان مفتوحان
    [few] { $n } طلبات مفتوحة
    [many] { $n } طلبًا مفتوحًا
    *[other] { $n } طلب مفتوح
}
dash-open-about = وضع الطلبات المفتوحة الآن
dash-outcomes-title = { $share } من الطلبات المبتوت فيها مؤكدة
dash-outcomes-none = مآل الطلبات
dash-outcomes-about = طلبات آخر 30 يومًا بحالتها الحالية
dash-received = المستلمة
dash-not-called-off = المؤكدة
dash-handed-over = المسلَّمة للناقل
dash-stores-title = الطلبات حسب المتجر
dash-stores-about = الواردة · { $period }
dash-stores-about-today = الواردة اليوم، مقارنة بالساعات نفسها قبل أسبوع
dash-store-before = { $n } قبل أسبوع
dash-store-period-before = { $n } سابقًا
dash-recent = آخر النشاط
dash-recent-none = تظهر هنا الطلبات التي تتقدم.
dash-see-all = عرض الكل
dash-failed = تعذّر تحميل هذا الجزء
dash-failed-text = بقية الصفحة صحيحة. الرمز:

alerts-window = بانتظارك · قافلة
alerts-subtitle = { $count ->
    [zero] لا شيء
    [one] أمر واحد
    [two] أمران
    [few] { $n } أمور
    [many] { $n } أمرًا
    *[other] { $n } أمر
}
alerts-none = لا شيء بانتظارك
alerts-none-text = تظهر هنا الملاحظات التي تشير إليك والمشكلات المُصعّدة إليك والمكالمات المتأخرة والأسطر المرفوضة والمهام الفاشلة.
alerts-open = فتح
alerts-see = عرض
alerts-to-dashboard = إلى لوحة المتابعة
alerts-problem = مشكلة في الطلب { $number }
alerts-problem-due = الموعد: { $due }
alerts-problem-late = متأخرة منذ { $due }
alerts-late = { $count ->
    [zero] لا طلبات تنتظر مكالمة منذ أكثر من 4 ساعات
    [one] طلب واحد ينتظر مكالمة منذ أكثر من 4 ساعات
    [two] طلبان ينتظران مكالمة منذ أكثر من 4 ساعات
    [few] { $n } طلبات تنتظر مكالمة منذ أكثر من 4 ساعات
    [many] { $n } طلبًا ينتظر مكالمة منذ أكثر من 4 ساعات
    *[other] { $n } طلب ينتظر مكالمة منذ أكثر من 4 ساعات
}
alerts-late-text = أقدمها ورد { $at }
alerts-jobs = { $count ->
    [zero] لا مهام فاشلة نهائيًا
    [one] فشلت مهمة واحدة نهائيًا
    [two] فشلت مهمتان نهائيًا
    [few] فشلت { $n } مهام نهائيًا
    [many] فشلت { $n } مهمة نهائيًا
    *[other] فشلت { $n } مهمة نهائيًا
}
alerts-jobs-text = آخرها { $at }
alerts-import-stopped = توقف استيراد قبل نهايته
alerts-import-refused = أسطر مرفوضة من ملف: { $n }
