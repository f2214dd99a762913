"""Addresses of discussions: a thread's own, and the moderators' list of a council."""

from django.urls import path

from discussions import moderating, views

THREAD = "tartisma/<int:thread>/"
COMMENT = THREAD + "yorum/<int:pk>/"

urlpatterns = [
    path(THREAD, views.thread_page, name="thread_page"),
    path(THREAD + "kisiler/", views.thread_people, name="thread_people"),
    path(THREAD + "yorum/", views.comment_add, name="comment_add"),
    path(COMMENT, views.comment_page, name="comment_page"),
    path(COMMENT + "yanit/", views.comment_reply, name="comment_reply"),
    path(COMMENT + "secenekler/", views.comment_options, name="comment_options"),
    path(COMMENT + "surumler/", views.comment_history, name="comment_history"),
    path(COMMENT + "duzenle/", views.comment_edit, name="comment_edit"),
    path(COMMENT + "sil/", views.comment_delete, name="comment_delete"),
    path(COMMENT + "bildir/", moderating.comment_report, name="comment_report"),
    path(COMMENT + "gizle/", moderating.comment_hide, name="comment_hide"),
    path(COMMENT + "goster/", moderating.comment_restore, name="comment_restore"),
    path(THREAD + "bildirim/<int:pk>/", moderating.report_settle, name="report_settle"),
    path("<slug:council_slug>/bildirimler/", moderating.report_list, name="report_list"),
]
