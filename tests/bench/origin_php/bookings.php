<?php
require __DIR__ . '/database.php';
if ($_SERVER['REQUEST_METHOD'] !== 'POST') {
    http_response_code(405);
    exit;
}
$email = filter_var(trim($_POST['email'] ?? ''), FILTER_VALIDATE_EMAIL);
$name = trim($_POST['name'] ?? '');
$details = trim($_POST['details'] ?? '');
$urgency = $_POST['urgency'] ?? '';
$key = $_POST['idempotency_key'] ?? '';
$find = $db->prepare('SELECT id, name, price_minor FROM services WHERE slug = ?');
$find->execute([$_POST['service'] ?? '']);
$service = $find->fetch();
if (!$email || $name === '' || $details === '' || !in_array($urgency, ['low', 'medium', 'high', 'urgent'], true) || !preg_match('/^[\w-]{8,100}$/', $key) || !$service) {
    http_response_code(422);
    exit;
}
$now = (int) (microtime(true) * 1000);
$reference = 'CP' . date('Y') . strtoupper(bin2hex(random_bytes(5)));
$db->beginTransaction();
$db->prepare('INSERT INTO users (email, name, created_at) VALUES (?, ?, ?) ON DUPLICATE KEY UPDATE id = LAST_INSERT_ID(id)')->execute([$email, $name, $now]);
$db->prepare("INSERT INTO bookings (reference, idempotency_key, user_id, service_id, service_name, price_minor, status, urgency, details, created_at) VALUES (?, ?, ?, ?, ?, ?, 'pending', ?, ?, ?)")
    ->execute([$reference, $key, $db->lastInsertId(), $service['id'], $service['name'], $service['price_minor'], $urgency, $details, $now]);
$id = $db->lastInsertId();
$db->prepare("INSERT INTO booking_events (booking_id, move, to_status, at) VALUES (?, 'submit', 'pending', ?)")->execute([$id, $now]);
$db->prepare("INSERT INTO mails (booking_id, template, recipient, status, created_at) VALUES (?, 'booking_received', ?, 'queued', ?), (?, 'new_booking', 'ada@connectpro.example', 'queued', ?)")->execute([$id, $email, $now, $id, $now]);
$db->commit();
http_response_code(303);
header('Location: /status/' . $reference);
