# Files that somebody asked for.

exports-title = ملفاتك
exports-window = ملفاتك · الطلبات · قافلة
exports-text = لا يجلبها غيرك، وتُحذف بعد سبعة أيام.
exports-hint = يُحضَّر الملف في الخلفية بأعمدة التصدير، ويُسجَّل من أخذه.
exports-csv = CSV
exports-xlsx = Excel
exports-of-orders = الطلبات
exports-of-customers = الزبائن
exports-name = { $what }، { $kind }
exports-rows = { $count ->
    [zero] دون أسطر
    [one] سطر واحد
    [two] سطران
    [few] { $n } أسطر
    [many] { $n } سطراً
    *[other] { $n } سطر
}
exports-checksum = SHA-256
exports-fetch = تنزيل
exports-cancel = إيقاف
exports-none = لا ملف بعد
exports-none-text = تصفية قائمة الطلبات ثم تصدير ما تعرضه.
