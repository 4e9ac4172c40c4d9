# البحث في كل مكان.

search-window = بحث · قافلة
search-title = بحث
search-button = بحث
search-orders = الطلبات
search-customers = الزبائن
search-pages = الصفحات
search-actions = الإجراءات
search-recent = مؤخرًا
search-none = لا توجد نتائج
search-hint = يشمل البحث الأرقام والأسماء والهواتف بأي كتابة أو آخر أربعة أرقام منها والمراجع والمنتجات.
search-all-orders = كل الطلبات الموجودة
search-orders-of = { $count ->
    [zero] لا طلبات
    [one] طلب واحد
    [two] طلبان
    [few] { $n } طلبات
    [many] { $n } طلبًا
    *[other] { $n } طلب
}
