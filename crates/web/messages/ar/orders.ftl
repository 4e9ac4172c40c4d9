# The list of orders.

orders-title = الطلبات
orders-window = الطلبات · قافلة
orders-subtitle = { $count ->
    [zero] لا طلبات
    [one] طلب واحد، للتأكيد منه { $waiting }
    [two] طلبان، للتأكيد منهما { $waiting }
    [few] { $n } طلبات، للتأكيد منها { $waiting }
    [many] { $n } طلباً، للتأكيد منها { $waiting }
    *[other] { $n } طلب، للتأكيد منها { $waiting }
}
orders-figures = أرقام
orders-table = جدول الطلبات
orders-views = العروض
orders-view-all = الكل
orders-view-to-confirm = للتأكيد
orders-view-confirmed = مؤكدة
orders-view-backordered = في انتظار المخزون
orders-view-processing = قيد التحضير
orders-view-delivery = قيد التوصيل
orders-view-delivered = مسلّمة
orders-view-returns = مرتجعة
orders-view-cancelled = ملغاة
orders-filter-label = تصفية الطلبات
orders-filter-search = تصفية هذا العرض
orders-filters = المرشحات
orders-filter-any = الكل
orders-filter-from = وردت من
orders-filter-to = وردت إلى
orders-filter-state = الحالة
orders-filter-store = المتجر
orders-filter-province = الولاية
orders-filter-agent = الموظف
orders-filter-channel = القناة
orders-filter-shipping = الشحنة
orders-filter-priority = الأولوية
orders-filter-min = المجموع من
orders-filter-max = المجموع إلى
orders-filter-search-chip = بحث
orders-filter-remove = إزالة
orders-mine = طلباتي
orders-nobody = لا أحد
orders-clear = مسح المرشحات
orders-show = { $count ->
    [zero] لا طلبات
    [one] عرض طلب واحد
    [two] عرض طلبين
    [few] عرض { $n } طلبات
    [many] عرض { $n } طلباً
    *[other] عرض { $n } طلب
}
orders-col-order = الطلب
orders-col-customer = الزبون
orders-col-items = المنتجات
orders-col-place = الولاية
orders-col-total = المجموع
orders-col-state = الحالة
orders-col-agent = الموظف
orders-col-created = التاريخ
orders-progress = التقدم { $percent }
orders-more-items = { $count ->
    [zero] دون منتج آخر
    [one] ومنتج آخر
    [two] ومنتجان آخران
    [few] و{ $n } منتجات أخرى
    [many] و{ $n } منتجاً آخر
    *[other] و{ $n } منتج آخر
}
orders-range = { $from } إلى { $to } من { $total }
orders-at-least = أكثر من { $n }
orders-page = الصفحة
orders-of-pages = من { $n }
orders-previous = الصفحة السابقة
orders-next = الصفحة التالية
orders-keys-move = تنقل
orders-keys-all = كل الاختصارات
orders-retry = إعادة المحاولة
orders-empty-title = ستظهر طلباتك هنا
orders-empty-text = تصل عبر واجهة البرمجة أو من ملف، وتظهر هنا من تلقاء نفسها.
orders-empty-docs = كيف تصل الطلبات
orders-none-title = { $count ->
    [zero] لا طلب يطابق
    [one] لا طلب يطابق المرشح
    [two] لا طلب يطابق المرشحين
    [few] لا طلب يطابق { $n } مرشحات
    [many] لا طلب يطابق { $n } مرشحاً
    *[other] لا طلب يطابق { $n } مرشح
}
orders-none-text = وسّع المدة أو أزل مرشحاً.
orders-none-search = يشمل البحث الأرقام والأسماء والهواتف والمراجع والمنتجات.
orders-done-title = لا شيء ينتظر هنا
orders-done-text = كل طلبات هذا العرض تقدمت.
orders-see-all = عرض كل الطلبات
orders-fresh = { $count ->
    [zero] لا طلبات جديدة
    [one] طلب جديد
    [two] طلبان جديدان
    [few] { $n } طلبات جديدة
    [many] { $n } طلباً جديداً
    *[other] { $n } طلب جديد
}
orders-figure-today = وردت اليوم
orders-figure-waiting = للتأكيد
orders-figure-confirmed = مؤكدة، 7 أيام
orders-figure-delivered = مسلّمة، 30 يوماً
orders-figure-returned = مرتجعة، 30 يوماً
orders-figure-of = من { $n }
orders-figure-week = { $n } في 7 أيام
