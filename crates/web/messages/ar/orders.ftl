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
orders-filter-min = المجموع من، { $currency }
orders-filter-unclear = { $typed } (غير واضح، لم يُحتسب)
orders-filter-max = المجموع إلى، { $currency }
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
orders-found-so-far = وُجد { $n } حتى الآن
orders-found-further = وُجد { $n } بين الطلبات الأقدم
orders-search-on = ابحث أبعد
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
orders-none-yet = لا شيء بين أحدث الطلبات. لم تُفحص الأقدم بعد.
orders-none-older = لا يوجد طلب آخر مطابق
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
orders-more = المزيد
orders-new = طلب جديد
orders-new-short = جديد
orders-export = تصدير
orders-views-all = كل العروض
orders-views-none = لا عروض محفوظة بعد
orders-views-none-text = تصفية القائمة حسب الحاجة، ثم حفظها هنا باسم.
orders-view-save = حفظ العرض
orders-view-update = حفظ التغييرات
orders-view-change = تعديل العرض
orders-view-change-one = تعديل { $name }
orders-view-remove = حذف { $name }
orders-view-pin = إبقاء { $name } في المتناول
orders-view-name = الاسم
orders-view-audience = من يراه
orders-view-private = أنا فقط
orders-view-everybody = الجميع
orders-view-role = الدور { $role }
orders-view-default = الأدوار التي تبدأ به
orders-view-default-hint = تفتح هذه الأدوار القائمة على هذا العرض أول مرة.
orders-view-default-of = بداية { $roles }
orders-view-at-hand = إبقاؤه علامة تبويب مع عدده
orders-view-keep = حفظ
orders-view-kept = حُفظ العرض
orders-view-removed = حُذف العرض
orders-view-restored = استُعيد العرض
orders-undone = تم التراجع
orders-sheet-window = { $title } · الطلبات · قافلة
orders-everywhere = البحث عن «{ $text }» في كل الطلبات
orders-everywhere-short = البحث في كل مكان
orders-show-any = عرض الطلبات
orders-columns = الأعمدة
orders-columns-title = الأعمدة والأسطر
orders-columns-hint = محفوظة لك ولهذا العرض. الشاشات الضيقة تُسقط الأعمدة من الآخر.
orders-columns-set = تطبيق
orders-columns-reset = الأعمدة المعتادة
orders-column-up = تقديم { $column }
orders-column-down = تأخير { $column }
orders-density = الأسطر
orders-density-comfortable = عادية
orders-density-compact = متراصة
orders-page-size = عدد الطلبات في الصفحة
orders-col-collect = للتحصيل
orders-col-payment = الدفع
orders-col-shipping = الشحنة
orders-col-tracking = التتبع
orders-col-store = المتجر
orders-col-tags = الوسوم
orders-col-priority = الأولوية
orders-col-expected = الموعد
orders-col-moved = آخر تغيير
orders-none = لا شيء
orders-held = معلّق
orders-first = الصفحة الأولى
orders-keys-pick = تحديد
orders-act-open = فتح الطلب
orders-act-quick = إجراءات أخرى
orders-act-call = اتصال
orders-act-copy = نسخ الرقم
orders-copy-number = نسخ رقم الطلب
orders-chip-selected = { $count ->
    [zero] لا شيء محدد
    [one] واحد محدد
    [two] اثنان محددان
    [few] { $n } محددة
    [many] { $n } محدداً
    *[other] { $n } محدد
}
orders-chip-or = { $first } أو { $second }
orders-span-from = من { $from }
orders-span-to = إلى { $to }
orders-days-today = اليوم
orders-days-yesterday = أمس
orders-days-seven = آخر 7 أيام
orders-days-thirty = آخر 30 يوماً
orders-days-month = هذا الشهر
orders-days-last-month = الشهر الماضي
orders-call-pending = لم يُتصل بعد
orders-call-attempting = جرت المحاولة
orders-call-confirmed = تمت الموافقة
orders-call-failed = مرفوضة
orders-call-abandoned = متروكة
orders-archived-no = في القائمة اليومية
orders-archived-only = مؤرشفة
orders-archived-any = كلاهما
orders-filter-days = وردت
orders-filter-substatus = الحالة الفرعية
orders-filter-sku = المنتج
orders-filter-sku-hint = رمز الصنف؛ تُفصل الرموز بفواصل.
orders-filter-city = البلدية
orders-filter-call = الاتصال
orders-filter-payment = الدفع
orders-filter-method = طريقة الدفع
orders-filter-tag = الوسوم
orders-filter-tag-all = مع كل الوسوم
orders-filter-untag = بدون الوسوم
orders-filter-hold = سبب التعليق
orders-filter-holds = التعليق
orders-filter-held = معلّق
orders-filter-not-held = غير معلّق
orders-filter-escalations = التصعيد
orders-filter-escalated = مُصعّد
orders-filter-not-escalated = غير مُصعّد
orders-filter-place = العنوان
orders-filter-place-known = المكان معروف
orders-filter-place-unknown = المكان غير معروف
orders-filter-archived = القائمة
orders-filter-custom = حقل خاص
orders-given = أُسند الطلب إلى شخص آخر

# مجموعات شروط يكفي تحقق إحداها، والجملة التي تصفها.
orders-groups = واحدة على الأقل من هذه
orders-groups-hint = شروط المجموعة الواحدة مجتمعة؛ ويجب أن يستوفي الطلب مجموعة واحدة على الأقل إضافة إلى ما سبق اختياره.
orders-group-title = مجموعة شروط
orders-group-hint = ما تختاره هنا مجتمع، وهو أحد البدائل.
orders-group-add = إضافة مجموعة
orders-group-change = تعديل
orders-group-remove = إزالة المجموعة: { $group }
orders-group-back = كل المرشحات
orders-group-chip = بديل
orders-said = تظهر الطلبات التي تستوفي { $all }، وتستوفي معها واحداً على الأقل مما يلي: { $any }.
orders-said-any = تظهر الطلبات التي تستوفي واحداً على الأقل مما يلي: { $any }.
orders-said-is = { $label }: { $value }
orders-said-and = { $first } و{ $second }
orders-said-or = { $first } أو { $second }
orders-said-group = ({ $group })
orders-sort-newest = الأحدث أولاً
orders-sort-oldest = الأقدم أولاً
orders-sort-largest = الأكبر مبلغاً أولاً
orders-sort-smallest = الأصغر مبلغاً أولاً
orders-sort-moved-last = آخر تغيير أولاً
orders-sort-moved-first = الأطول بلا تغيير أولاً
orders-sort-number-down = الرقم الأكبر أولاً
orders-sort-number-up = الرقم الأصغر أولاً
orders-sort-urgent = الأكثر استعجالاً أولاً
