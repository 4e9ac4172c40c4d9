# The frame of every staff page, its menus and shortcuts.

shell-name = قافلة
shell-about = طلبات المتجر ومكالماته وتوصيلاته في مكان واحد.
shell-shortcut-search = بحث
shell-skip = الانتقال إلى المحتوى
shell-main = القائمة الرئيسية
shell-quick = وصول سريع
shell-top = البحث والحساب
shell-search = بحث عن طلب أو هاتف أو زبون
shell-back = رجوع إلى { $section }
shell-language = اللغة
shell-theme = المظهر
shell-more = المزيد
shell-offline = أنت دون اتصال. ما تراه يبقى هنا، أما التغييرات فتحتاج إلى الشبكة.
shell-undo = تراجع
shell-live = مباشر
shell-reconnecting = إعادة الاتصال
shell-copied = تم النسخ
shell-close = إغلاق
shell-not-now = إبقاء كما هو
shell-pages = الصفحات
shell-previous = السابق
shell-next = التالي
shell-failed = لم يصل ذلك إلى الخادم. لم يضع شيء، أعد المحاولة.
shell-sign-out = تسجيل الخروج
shell-stores = { $count ->
    [zero] لا متاجر
    [one] متجر واحد
    [two] متجران
    [few] { $n } متاجر
    [many] { $n } متجراً
    *[other] { $n } متجر
}
shell-nav-orders = الطلبات
shell-nav-customers = الزبائن
shell-group-customers = الزبائن
shell-nav-stores = المتاجر
shell-nav-people = الأشخاص
shell-nav-settings = الإعدادات
shell-nav-imports = الاستيراد
shell-nav-audit = سجل التدقيق
shell-nav-system = النظام
shell-nav-api = واجهة البرمجة
shell-group-setup = الإعداد

theme-system = مثل الجهاز
theme-light = فاتح
theme-dark = داكن

keys-title = اختصارات لوحة المفاتيح
keys-search = بحث في كل مكان
keys-filter = تصفية هذا العرض
keys-move = السطر التالي والسابق
keys-open = فتح السطر
keys-pick = تحديد السطر أو حتى السطر
keys-quick = عرض الطلب بجانب القائمة
keys-fresh = تحميل الطلبات الجديدة
keys-views = العرض السابق والتالي
keys-undo = التراجع عن آخر خطوة
keys-help = هذه القائمة

shell-nav-home = لوحة المتابعة
shell-nav-alerts = بانتظارك
shell-home = الرئيسية
shell-waiting = { $count ->
    [zero] لا شيء بانتظارك
    [one] أمر واحد بانتظارك
    [two] أمران بانتظارك
    [few] { $n } أمور بانتظارك
    [many] { $n } أمرًا بانتظارك
    *[other] { $n } أمر بانتظارك
}
shell-back-in = عاد اتصال حسابك. لم يضع شيء مما كتبته.
shell-new-version = تم تحديث قافلة.
shell-reload = تحميل النسخة الجديدة
session-over-title = انتهت جلستك
session-over-text = سجّل الدخول من جديد في علامة تبويب أخرى ثم عُد إلى هنا. ما كتبته محفوظ ويمكن إرساله بعد ذلك.
session-over-button = تسجيل الدخول
session-back-title = تم تسجيل دخولك من جديد
session-back-text = أغلق علامة التبويب هذه وأكمل من حيث توقفت.
session-back-button = المتابعة هنا
keys-everywhere = في كل مكان
keys-escape = إغلاق ما هو مفتوح
keys-go = الانتقال إلى
keys-lists = في القوائم
keys-here = في هذه الصفحة
keys-off-hint = قد تعيق الأزرار المفردة الإدخال الصوتي أو تُضغط عن غير قصد.
keys-off = إيقاف الأزرار المفردة
keys-on = تشغيل الأزرار المفردة
