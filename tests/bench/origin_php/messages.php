<?php
require __DIR__ . '/database.php';
$find = $db->prepare('SELECT id, author, body, created_at FROM messages WHERE room_id = ? AND id > ? ORDER BY id LIMIT 50');
$find->execute([(int) ($_GET['room'] ?? 0), (int) ($_GET['after'] ?? 0)]);
header('Content-Type: application/json');
echo json_encode($find->fetchAll());
