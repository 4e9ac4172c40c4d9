# استمارات صفحات الفريق.

form-optional = (اختياري)
form-save = حفظ
form-cancel = إلغاء
form-yes = نعم
form-no = لا
form-error-title = في هذه الاستمارة ما يحتاج إلى مراجعة
form-error-window = خطأ: { $title }
