# The frame of every staff page, its menus and shortcuts.

shell-name = قافلة
shell-skip = الانتقال إلى المحتوى
shell-main = القائمة الرئيسية
shell-quick = وصول سريع
shell-top = البحث والحساب
shell-search = بحث عن طلب أو هاتف أو زبون
shell-back = العودة إلى الطلبات
shell-language = اللغة
shell-theme = المظهر
shell-more = المزيد
shell-offline = أنت دون اتصال. ما تراه يبقى هنا، أما التغييرات فتحتاج إلى الشبكة.
shell-undo = تراجع
shell-live = مباشر
shell-reconnecting = إعادة الاتصال
shell-copied = تم النسخ
shell-close = إغلاق
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
keys-fresh = تحميل الطلبات الجديدة
keys-views = العرض السابق والتالي
keys-orders = الذهاب إلى الطلبات
keys-confirm = تأكيد الطلب
keys-note = كتابة ملاحظة
keys-undo = التراجع عن آخر خطوة
keys-help = هذه القائمة
